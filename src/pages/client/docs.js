import { startCode } from './code.js';
import { startKeyBox } from './key.js';
import { startLanguage } from './language.js';
import { startPanels } from './panel.js';
import { startPill } from './pill.js';
import { startRequestExamples } from './request_examples.js';
import { startSideNav } from './side_nav.js';
import { startStudio } from './studio.js';
import { startWebhook } from './webhook.js';

startKeyBox();
startPill();
startCode();
startLanguage();
startRequestExamples();
startPanels();
startStudio();
startWebhook();
startSideNav();
