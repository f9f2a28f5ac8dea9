/**
 * An error that the operator can fix: `message` is a sentence that says what to do, and no stack is shown.
 */
export class OperatorError extends Error {}
