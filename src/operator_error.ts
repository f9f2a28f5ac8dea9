/** What an operator can mend: `message` is a sentence that tells them what to do, and no stack is shown. */
export class OperatorError extends Error {}
