import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadConfig } from '../../src/config.ts';
import { checkWebhookUrl, isReachable, parseCidrs } from '../../src/outbound/webhook_url.ts';

const refusal = (text: string, allow = '') => {
  const checked = checkWebhookUrl(text, parseCidrs(allow));
  return checked.ok ? null : checked.message;
};

test('3.3: a public https URL is accepted, whatever its port, path and query', () => {
  for (const url of [
    'https://your.app/hooks/vidgen',
    'HTTPS://Your.App:8443/a?b=c#d',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://[::ffff:8.8.8.8]/',
    'https://bücher.example/größe',
    'https://localhost.example.com/',
    'https://10.0.0.1.example.com/',
    'https://xn--bcher-kva.example./',
    'https://a_b.r3---sn-apo3.example/',
    `https://${'a'.repeat(63)}.example/`,
    `https://${'a.'.repeat(126)}a/`,
  ]) {
    assert.equal(refusal(url), null, url);
  }
});

test('3.3: what is not an absolute https URL is refused', () => {
  for (const url of [
    '',
    'your.app/hook',
    '/hook',
    '//your.app/hook',
    'http://your.app/hook',
    'ftp://your.app/hook',
    'javascript:alert(1)',
    'https:your.app',
    'https:/your.app',
    'https:///your.app',
    'https:\\\\your.app',
    'https://\\your.app',
    'https://',
    'https://:443/',
    'https://your.app:99999/',
    'https://your.app/a b',
    ' https://your.app/',
    'https://your.app/\n',
    'https://yo\tur.app/',
    'https://[::1/',
    'https://1.2.3.4.5/',
    // Names that DNS cannot hold.
    'https://xn--a/',
    'https://xn--a.example/',
    'https://hook.xn--/',
    'https://your..app/',
    'https://.your.app/',
    'https://your.app../',
    `https://${'a'.repeat(64)}.example/`,
    `https://${'a.'.repeat(127)}a/`,
  ]) {
    assert.match(
      refusal(url) ?? '',
      /^webhookUrl must be an? (absolute|valid) URL/,
      JSON.stringify(url),
    );
  }
});

test('3.3: at most 2,048 characters', () => {
  const url = 'https://your.app/'.padEnd(2048, 'x');
  assert.equal(refusal(url), null);
  assert.match(refusal(`${url}x`) ?? '', /2048 characters/);
});

test('3.3: no user name, no password', () => {
  for (const url of [
    'https://me@your.app/',
    'https://me:word@your.app/',
    'https://:word@your.app/',
  ]) {
    assert.match(refusal(url) ?? '', /user name/, url);
  }
});

test('3.3: a private literal is refused unless its range is opened', () => {
  const allow = '127.0.0.0/8, ::1, fd00::/8';
  for (const url of [
    'https://127.0.0.1/',
    'https://localhost:8443/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::1]/',
    'https://[fd12::1]/',
  ]) {
    assert.match(refusal(url) ?? '', /public host/, url);
    assert.equal(refusal(url, allow), null, url);
  }
  assert.match(refusal('https://10.0.0.1/', allow) ?? '', /public host/);
});

test('ranges are parsed from text, and what is none is named', () => {
  assert.deepEqual(parseCidrs(''), []);
  assert.equal(isReachable('10.1.2.3', parseCidrs('192.168.0.0/16,10.0.0.0/8')), true);
  assert.equal(isReachable('10.1.2.3', parseCidrs('10.1.2.3')), true);
  assert.equal(isReachable('10.1.2.4', parseCidrs('10.1.2.3')), false);
  for (const bad of ['10.0.0.0/33', 'localhost', '10.0.0', '::1/129']) {
    assert.throws(() => parseCidrs(`10.0.0.0/8,${bad}`), new RegExp(`"${bad}" is not an address`));
  }
});

test('settings for webhooks are judged when a process starts', () => {
  const { webhookRetrySchedule, webhookRanges, fetchRanges } = loadConfig({
    WEBHOOK_RETRY_SCHEDULE: '0.5, 60,3600',
    WEBHOOK_ALLOW_CIDRS: '10.0.0.0/8, fd00::/8',
    WEBHOOK_DENY_CIDRS: '10.9.0.0/16, 8.8.8.0/24, 2600::/16',
    FETCH_DENY_CIDRS: '1.1.1.1',
  });
  assert.deepEqual(webhookRetrySchedule, [0.5, 60, 3600]);
  for (const open of ['10.1.2.3', 'fd00::1', '8.8.4.4', '2601::1', '1.1.1.1'])
    assert.equal(isReachable(open, webhookRanges), true, open);
  for (const closed of ['10.9.1.1', '192.168.0.1', '8.8.8.8', '::ffff:8.8.8.8', '2600::1'])
    assert.equal(isReachable(closed, webhookRanges), false, closed);
  assert.equal(isReachable('1.1.1.1', fetchRanges), false);
  for (const [name, value, message] of [
    ['WEBHOOK_ALLOW_CIDRS', '10.0.0.0/8,office', /^WEBHOOK_ALLOW_CIDRS "office" is not an address/],
    ['WEBHOOK_RETRY_SCHEDULE', '5,soon', /^WEBHOOK_RETRY_SCHEDULE must be seconds/],
    ['WEBHOOK_RETRY_SCHEDULE', '5,-1', /^WEBHOOK_RETRY_SCHEDULE must be seconds/],
    ['WEBHOOK_RETRY_SCHEDULE', '5,1e12', /^WEBHOOK_RETRY_SCHEDULE must be seconds/],
    ['WEBHOOK_PROXY_URL', 'ftp://proxy', /^WEBHOOK_PROXY_URL must be like http/],
  ] as const) {
    assert.throws(
      () => loadConfig({ [name]: value }),
      (error) => error instanceof ConfigError && message.test(error.message),
      `${name}=${value}`,
    );
  }
});
