import type { BlobStore } from './blob_store.ts';
import { openBlobStore } from './open.ts';

/** Files as rows of 256 KiB, and nowhere else. */
export const postgresBlobStore = (databaseUrl: string, connections?: number): BlobStore =>
  openBlobStore(databaseUrl, { connections });
