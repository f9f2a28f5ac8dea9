import { type Files, filesBelow } from './files.ts';

/**
 * The SQL, the fonts, the pages' assets and the samples. A bundle replaces this module with one that contains
 * them.
 */
export const projectFiles: Files = filesBelow(new URL('../../', import.meta.url));
