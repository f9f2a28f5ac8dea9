/** What the changelog has under a version's heading, `## [1.0.0] - 2026-12-01`. */
export function notesOf(changelog: string, version: string): string | undefined {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}] - `));
  return section?.slice(section.indexOf('\n')).trim() || undefined;
}
