import { before, describe } from 'node:test';
import type { Browser } from 'playwright-core';
import { skipBrowser, startBrowser } from '../support/browser.ts';
import { suiteCleanup } from '../support/database.ts';
import { clientInBrowser } from './client.ts';
import { journeyInBrowser } from './journey.ts';
import { opsInBrowser } from './ops.ts';
import { pageInBrowser } from './page.ts';
import { panelsInBrowser } from './panels.ts';

// One file, for one Chromium: it takes seconds of both cores to start.
describe('in a browser', { skip: skipBrowser }, () => {
  const cleanup = suiteCleanup();
  let browser: Browser;
  before(async () => {
    browser = await startBrowser(cleanup);
  });
  const started = () => browser;

  describe('the page', () => pageInBrowser(started));
  describe('the panels, without a worker', () => panelsInBrowser(started));
  describe('the page for operators', () => opsInBrowser(started));
  describe('the client', () => clientInBrowser(started));
  describe('the whole journey', () => journeyInBrowser(started));
});
