import { homedir } from 'node:os';

/** The user's home; undefined in containers whose user has neither $HOME nor an entry in /etc/passwd. */
export function homeFolder(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}
