/** The largest accepted picture or audio file. */
export const maxFileBytes = 50 * 1024 * 1024;

/** As callers read it. */
export const mebibytes = (bytes: number): string => `${Math.floor(bytes / (1024 * 1024))} MB`;

export const maxFileSize = mebibytes(maxFileBytes);
