import { commandOf } from './actions.ts';
import { durationOf } from './duration.ts';
import { changingKeys } from './key_changes.ts';
import { limitOptions, limitsIn } from './key_limits.ts';
import { secretKeys } from './key_secrets.ts';

const help = `Usage: vidgen keys create NAME [--json]
       vidgen keys list [--json]
       vidgen keys rotate NAME [--json]
       vidgen keys rotate-secret NAME [--grace 24h] [--json]
       vidgen keys deactivate NAME [--json]
       vidgen keys activate NAME [--json]
       vidgen keys limits NAME [--stored-bytes N] [--file-mb N] [--audio-minutes N] [--json]
       vidgen keys rename NAME NEW [--json]
       vidgen keys purge NAME [--jobs N] [--json]

create         Makes an API key. Shows the key and its webhook secret, only this once.
list           Lists the keys, without secrets.
rotate         Gives a key a new value, shown only this once. The old value stops working at once; jobs continue.
rotate-secret  Makes a new webhook secret for a key, shown only this once. It signs from now on; until the grace
               period ends, webhook-signature also carries a signature by the old one. X-Webhook-Signature uses
               the new one at once. Rotating again within the grace period ends it for the older secret.
deactivate     Refuses requests with the key from now on; jobs continue and their webhooks are sent.
activate       Accepts a deactivated key again.
limits         Sets what is given, from the key's next request on, and shows all three limits.
rename         Gives a key another name; its value, jobs and limits stay.
purge          Counts the jobs and files of a key. With that number of jobs, deletes all of it and the key, for good.

--grace  How long the old secret stays valid: 90s, 30m, 24h (the default) or 7d; 0s for not at all.
--stored-bytes, --file-mb, --audio-minutes
         A number for this key alone, or "service" for the limit of the service.
--jobs   How many jobs purge has counted.
--json   One line of JSON per row.`;

export const keys = commandOf({
  name: 'keys',
  summary:
    'create, list, rotate, limit, rename, deactivate and purge API keys and their webhook secrets',
  help,
  options: { grace: { type: 'string' }, jobs: { type: 'string' }, ...limitOptions },
  actions: { ...secretKeys, ...changingKeys },
  check: (_, { grace, ...options }) => {
    if (grace !== undefined) durationOf(grace, 'grace', help);
    limitsIn(options);
  },
});
