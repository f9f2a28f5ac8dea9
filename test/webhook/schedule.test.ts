import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextAttemptIn } from '../../worker/webhook/schedule.ts';
import type { SentWebhook } from '../../worker/webhook/send.ts';

const schedule = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];
const middle = () => 0.5;

type Outcome = Pick<SentWebhook, 'status' | 'errorClass' | 'retryAfterSeconds'>;
const answered = (status: number, retryAfterSeconds: number | null = null): Outcome => ({
  status,
  errorClass: status < 300 ? null : 'status',
  retryAfterSeconds,
});
const unanswered = (errorClass: SentWebhook['errorClass']): Outcome => ({
  status: null,
  errorClass,
  retryAfterSeconds: null,
});

test('6.4: eight attempts: at once, then by the steps', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) =>
    nextAttemptIn(attempt, answered(500), schedule, middle),
  );
  assert.deepEqual(waits, [...schedule, null]);
});

test('6.4: each step varies by 20 % either way', () => {
  assert.equal(
    nextAttemptIn(2, answered(500), schedule, () => 0),
    240,
  );
  assert.equal(
    nextAttemptIn(2, answered(500), schedule, () => 1),
    360,
  );
  const waits = new Set(
    Array.from({ length: 50 }, () => nextAttemptIn(2, answered(500), schedule)),
  );
  assert.ok(waits.size > 1);
  for (const wait of waits) assert.ok(wait !== null && wait >= 240 && wait <= 360);
});

test('6.4: 2xx and 410 end it, a redirect and every error do not', () => {
  for (const status of [200, 201, 204, 299]) {
    assert.equal(nextAttemptIn(1, answered(status), schedule), null);
  }
  assert.equal(nextAttemptIn(1, answered(410), schedule), null);
  for (const status of [301, 302, 307, 400, 401, 404, 409, 500, 503]) {
    assert.equal(nextAttemptIn(1, answered(status), schedule, middle), 5, String(status));
  }
  for (const error of ['dns', 'refused', 'tls', 'reset', 'blocked'] as const) {
    assert.equal(nextAttemptIn(1, unanswered(error), schedule, middle), 5, error);
  }
});

test('Retry-After stretches a step to at most twice its length and never shortens it', () => {
  const wait = (retryAfter: number) =>
    nextAttemptIn(2, answered(503, retryAfter), schedule, middle);
  assert.equal(wait(0), 300);
  assert.equal(wait(1), 300);
  assert.equal(wait(450), 450);
  assert.equal(wait(600), 600);
  assert.equal(wait(86_400), 600);
});

test('an overloaded or silent receiver is left alone for at least a minute', () => {
  for (const outcome of [answered(429), answered(502), answered(504), unanswered('timeout')]) {
    assert.equal(nextAttemptIn(1, outcome, schedule, middle), 60);
    assert.equal(nextAttemptIn(2, outcome, schedule, middle), 300);
  }
  assert.equal(nextAttemptIn(1, answered(429, 3_600), schedule, middle), 60);
});
