import { startPill } from './pill.js';
import { startSideNav } from './side_nav.js';

startPill();
startSideNav();
