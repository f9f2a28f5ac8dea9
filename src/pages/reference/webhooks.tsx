import { Samples } from './code.tsx';
import { verifySamples } from './samples.ts';

export const Webhooks = ({ catcher }: { catcher: boolean }) => (
  <section id="webhooks" aria-labelledby="webhooks-title">
    <div class="split">
      <div>
        <h2 id="webhooks-title">
          <a class="anchor" href="#webhooks">
            Webhooks
          </a>
        </h2>
        <p>
          If you supplied a <code>webhookUrl</code> when creating a job, we'll POST a JSON payload
          to that URL when the job completes or fails. The body looks like the{' '}
          <a href="#getJobStatus">
            <code>/api/status/:jobId</code>
          </a>{' '}
          response.
        </p>
        <h3 id="verify-signature">
          <a class="anchor" href="#verify-signature">
            Verifying the signature
          </a>
        </h3>
        <p>
          Every webhook is signed with HMAC-SHA256 using your account's webhook secret. The
          signature lives in the <code>X-Webhook-Signature</code> header. Reject any request where
          the signature doesn't match the body — anyone could otherwise forge events to your
          endpoint.
        </p>
        <p>
          The signature is hex-encoded and covers the raw body, so verify it before you parse. Every
          request also carries the Standard Webhooks headers <code>webhook-id</code>,{' '}
          <code>webhook-timestamp</code> and <code>webhook-signature</code>; the{' '}
          <code>webhook-id</code> stays the same on retries, so you can detect duplicates.
        </p>
        <h3 id="delivery">
          <a class="anchor" href="#delivery">
            Delivery
          </a>
        </h3>
        <p>
          Respond with any <code>2xx</code> within 15 seconds. Anything else, including a redirect,
          is retried for about a day; <code>410</code> stops retries. You can look up{' '}
          <a href="#listDeliveries">every attempt</a> and{' '}
          <a href="#redeliverWebhook">redeliver a webhook</a>.
        </p>
        <p class="aside">
          <strong>HTTPS only.</strong> The <code>webhookUrl</code> must start with{' '}
          <code>https://</code>. Plain-HTTP URLs are rejected at job creation. Webhooks are never
          sent to private addresses.
        </p>
      </div>
      <Samples id="verify" title="Verify a webhook" samples={verifySamples()} />
    </div>
    <Live catcher={catcher} />
  </section>
);

/** Catches a real webhook and verifies it on the page. */
const Live = ({ catcher }: { catcher: boolean }) => (
  <div class="card live-webhook" id="live-webhook">
    <h3>
      {catcher ? 'See a webhook arrive' : 'Verify a webhook'} <span class="live">Live</span>
    </h3>
    {catcher ? (
      <p>
        Creates a temporary webhook URL for your own jobs (valid for one hour), submits the sample
        files with it, and shows the request exactly as your endpoint would receive it. The URL
        works inside this server only, so you can try it on localhost too.
      </p>
    ) : (
      <p>
        Paste a webhook you received to check its signature. The check runs in your browser; nothing
        is sent.
      </p>
    )}
    <noscript>
      <p class="note">
        JavaScript is disabled. Use the code samples above to verify webhooks instead.
      </p>
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
      {/* With a catcher, there is nothing to verify until it has caught a webhook. */}
      <div class="verify" data-verify hidden={catcher}>
        <div class="field wide">
          <label for="webhook-body">Raw body</label>
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
            Shown when your key was created. Used only in your browser — never stored or sent.
          </p>
        </div>
        <p class="verdict" id="webhook-verdict" role="status" data-state="none">
          Enter a body, its signature and your webhook secret.
        </p>
      </div>
    </form>
  </div>
);
