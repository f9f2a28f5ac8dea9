import { Samples } from './code.tsx';
import { samplesOf } from './samples.ts';

export const Webhooks = ({ publicUrl, catcher }: { publicUrl: string; catcher: boolean }) => (
  <section id="webhooks" aria-labelledby="webhooks-title">
    <div class="split">
      <div>
        <h2 id="webhooks-title">Webhooks</h2>
        <p>
          A job made with a <code>webhookUrl</code> POSTs to it when it is <code>COMPLETED</code> or{' '}
          <code>FAILED</code>. The body is what <a href="#getStatus">its status</a> answers at that
          moment, as JSON.
        </p>
        <h3>Verify the signature</h3>
        <p>
          <code>X-Webhook-Signature</code> is the hex HMAC-SHA256 of the raw body, keyed with your
          account’s webhook secret. Turn away whatever does not match: anybody can send a POST to
          your address, only we can sign it.
        </p>
        <p>
          Every request also carries the headers of Standard Webhooks, <code>webhook-id</code>,{' '}
          <code>webhook-timestamp</code> and <code>webhook-signature</code>. Retries have the same{' '}
          <code>webhook-id</code>, so you can tell a repetition.
        </p>
        <h3>Delivery</h3>
        <p>
          Answer with any <code>2xx</code> within 15 seconds. Anything else, a redirect included, is
          tried again for about a day; <code>410</code> stops that.{' '}
          <a href="#listWebhooks">Every attempt</a> can be read and{' '}
          <a href="#redeliverWebhook">sent again</a>.
        </p>
        <p class="aside">
          <strong>HTTPS only.</strong> A <code>webhookUrl</code> must start with{' '}
          <code>https://</code> and name a public host; others are refused when the job is made.
        </p>
      </div>
      <Samples id="verify" title="Verify a webhook" samples={samplesOf('verify', publicUrl)} />
    </div>
    <Live catcher={catcher} />
  </section>
);

/** A real delivery, caught and verified on the page. */
const Live = ({ catcher }: { catcher: boolean }) => (
  <div class="card live-webhook" id="live-webhook">
    <h3>
      See one arrive <span class="live">Live</span>
    </h3>
    {catcher ? (
      <p>
        This opens an address that catches webhooks of your own jobs for an hour, submits the sample
        files with it, and shows the request as your receiver would get it. The address exists
        inside this server only, so it works on localhost too.
      </p>
    ) : (
      <p>
        Paste a webhook that you received. The check runs in this browser; nothing of it is sent.
      </p>
    )}
    <noscript>
      <p class="note">Scripts are off in this browser: the samples above verify on your side.</p>
    </noscript>
    <form class="needs-scripts" id="webhook-form" novalidate>
      {catcher && (
        <>
          <div class="row">
            <button type="submit" class="primary">
              Submit a job and catch its webhook
            </button>
            <p class="note" id="webhook-hint" role="status" />
          </div>
          <div class="outcome" id="webhook-outcome" />
        </>
      )}
      <div class="verify">
        <div class="field wide">
          <label for="webhook-body">Body, byte for byte</label>
          <textarea id="webhook-body" rows={5} spellcheck={false} />
        </div>
        <div class="field wide">
          <label for="webhook-signature">X-Webhook-Signature</label>
          <input id="webhook-signature" type="text" autocomplete="off" spellcheck={false} />
        </div>
        <div class="field wide">
          <label for="webhook-secret">Your webhook secret</label>
          <input
            id="webhook-secret"
            type="password"
            autocomplete="off"
            placeholder="whsec_…"
            aria-describedby="webhook-secret-note"
          />
          <p class="note" id="webhook-secret-note">
            Shown when your key was made. Used here and forgotten: neither kept nor sent.
          </p>
        </div>
        <p class="verdict" id="webhook-verdict" role="status" data-state="none">
          Waiting for a body, its signature and your secret.
        </p>
      </div>
    </form>
  </div>
);
