const mebibyte = 1024 * 1024;

/** As callers read it. */
export const mebibytes = (bytes: number): string => `${Math.floor(bytes / mebibyte)} MB`;

/** The largest accepted picture or audio file where MAX_FILE_MB is not set. */
export const defaultMaxFileBytes = 50 * mebibyte;

/** How the documents, which are written for the default, name the limit. */
export const maxFileSize = mebibytes(defaultMaxFileBytes);

/** The same document for a service with another limit. */
export const statingMaxFile = (document: string, bytes: number): string =>
  document.replace(new RegExp(`\\b${maxFileSize}\\b`, 'g'), mebibytes(bytes));

/** The limit of a key: its own, or (null) the service's. */
export const maxFileBytesOf = (ownMegabytes: number | null, serviceBytes: number): number =>
  ownMegabytes === null ? serviceBytes : ownMegabytes * mebibyte;
