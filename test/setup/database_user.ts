import { openEmbeddedPostgres } from '../../src/embedded_postgres/open.ts';

/** The settings that make a throw-away server quick. */
export const quick = {
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  io_method: 'sync',
};

// A process that uses the embedded database until it is told to stop: the tests start and kill it.
if (process.send && process.argv[1] === import.meta.filename) {
  const [dataDir = '', role] = process.argv.slice(2);
  try {
    const { addresses, started, stop } = await openEmbeddedPostgres({
      dataDir,
      role: role === 'owner' ? 'owner' : 'guest',
      settings: quick,
      log: () => {},
    });
    process.on('message', (message) => {
      if (message === 'crash') throw new Error('A crash was asked for.');
      void stop().then(() => process.disconnect());
    });
    process.send({ url: addresses.owner, started });
  } catch (error) {
    process.send({ refusal: (error as Error).message });
    process.disconnect();
  }
}
