import { writeFile } from 'node:fs/promises';
import { generate } from './support/generated.ts';
import { databaseOn, startTestServer } from './support/server.ts';

const server = await startTestServer();
try {
  for (const [name, content] of Object.entries(
    await generate(databaseOn(server.url, server.template)),
  )) {
    await writeFile(name, content);
    console.error(`wrote ${name}`);
  }
} finally {
  await server.stop();
}
