import { type Files, filesBelow } from './files.ts';

/** The SQL, the fonts, the pages' assets and the samples. A bundle has its own of this module, with all inside. */
export const projectFiles: Files = filesBelow(new URL('../../', import.meta.url));
