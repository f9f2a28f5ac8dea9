/** An error as callers see it: its status, its sentence (an example where it varies), and the remedy. */
export type ErrorCode = { status: number; message: string; remedy: string };

export const entry = (status: number, message: string, remedy: string): ErrorCode => ({
  status,
  message,
  remedy,
});
