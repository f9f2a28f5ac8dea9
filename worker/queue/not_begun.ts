/** A task was called while this process stops: its queue row stays, for another worker. */
export class NotBegun extends Error {
  constructor() {
    super('not begun: shutting down');
  }
}
