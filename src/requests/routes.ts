import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { absenceRoutes } from './absence/routes.ts';
import { accountRoutes } from './account/routes.ts';
import { assignmentRoutes } from './assignment/routes.ts';
import { attachmentRoutes } from './attachments/routes.ts';
import { buyingRoutes } from './buying/routes.ts';
import { claimRoutes } from './claims/routes.ts';
import { homeRoutes } from './customer/routes-home.ts';
import { askRoutes } from './customer/routes-new.ts';
import { showRoutes } from './customer/routes-show.ts';
import { writeRoutes } from './customer/routes-write.ts';
import { editingRoutes } from './editing/routes.ts';
import { listingRoutes } from './listing/routes.ts';
import { qualifyingRoutes } from './qualifying/routes.ts';
import { reportRoutes } from './report/routes.ts';
import { bulkRoutes } from './review/bulk/routes.ts';
import { cannedRoutes } from './review/canned/routes.ts';
import { checklistRoutes } from './review/checklist/routes.ts';
import { pendingRoutes } from './review/pending/routes.ts';
import { reviewRoutes } from './review/routes.ts';
import { customerRoutes } from './review/routes-account.ts';
import { viewRoutes } from './review/views/routes.ts';
import { watchRoutes } from './watch/routes.ts';

export const requestRoutes = (deps: Deps): Route[] => [
  ...homeRoutes(deps),
  ...listingRoutes(deps),
  ...askRoutes(deps),
  ...buyingRoutes(deps),
  ...qualifyingRoutes(deps),
  ...watchRoutes(deps),
  ...showRoutes(deps),
  ...writeRoutes(deps),
  ...attachmentRoutes(deps),
  ...editingRoutes(deps),
  ...claimRoutes(deps),
  ...reportRoutes(deps),
  ...absenceRoutes(deps),
  ...assignmentRoutes(deps),
  ...bulkRoutes(deps),
  ...checklistRoutes(deps),
  ...pendingRoutes(deps),
  ...viewRoutes(deps),
  ...cannedRoutes(deps),
  ...reviewRoutes(deps),
  ...customerRoutes(deps),
  ...accountRoutes(deps),
];
