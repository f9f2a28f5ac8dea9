import { startKeyBox } from '../api/key.js';
import { startCode } from '../reference/code.js';
import { startLanguage } from '../reference/language.js';
import { startPanels } from '../reference/panel.js';
import { startRequestExamples } from '../reference/request_examples.js';
import { startWebhook } from '../reference/webhook.js';
import { startStudio } from '../studio/studio.js';
import { startPill } from './pill.js';
import { startSideNav } from './side_nav.js';

startKeyBox();
startPill();
startCode();
startLanguage();
startRequestExamples();
startPanels();
startStudio();
startWebhook();
startSideNav();
