import { projectFiles } from '../process/project_files.ts';
import type { Sample } from './code.tsx';
import type { Language } from './highlight.tsx';

const languages: { name: string; label: string; language: Language; extension: string }[] = [
  { name: 'curl', label: 'curl', language: 'sh', extension: 'sh' },
  { name: 'node', label: 'Node', language: 'js', extension: 'mjs' },
  { name: 'python', label: 'Python', language: 'py', extension: 'py' },
  { name: 'php', label: 'PHP', language: 'php', extension: 'php' },
  { name: 'go', label: 'Go', language: 'go', extension: 'go' },
];

/** Where the samples call; the page puts the service's own address in its place. */
export const sampleUrl = 'https://example.com';

/**
 * The code samples of samples/: whole programs, so that a test can run each as it is shown.
 *
 * @param task submit or verify, the stem of the files
 */
export function samplesOf(task: 'submit' | 'verify', publicUrl: string): Sample[] {
  // To verify by hand is the odd case out, not the first.
  const ordered =
    task === 'submit'
      ? languages
      : [
          ...languages.slice(1),
          ...languages.slice(0, 1).map((shell) => ({ ...shell, label: 'Shell' })),
        ];
  return ordered.map(({ extension, ...sample }) => {
    const file = projectFiles.read(`src/pages/samples/${task}.${extension}`).toString();
    const code = file.replaceAll(sampleUrl, publicUrl).trimEnd();
    return { ...sample, code };
  });
}
