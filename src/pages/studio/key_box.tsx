/** The input for the API key, which key.js keeps and videos.js checks. */
export const KeyBox = () => (
  <div class="key">
    <p class="key-head">
      <label for="key">Your API key</label>
      <span class="key-state" id="key-state" role="status" data-state="none" />
    </p>
    <div class="row needs-scripts">
      <input
        id="key"
        type="password"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        placeholder="vg_…"
        aria-describedby="key-note"
      />
      <button type="button" id="key-show" aria-pressed="false">
        Show
      </button>
      <button type="button" id="key-clear">
        Clear
      </button>
    </div>
    <p class="note" id="key-note">
      Stored only in your browser's <code>localStorage</code>. The "Try it" panels below will use
      this key automatically.
    </p>
    <noscript>
      <p class="note">
        JavaScript is disabled, so this page can't send requests. Use the curl command under Quick
        start instead.
      </p>
    </noscript>
  </div>
);
