// Every page and its address. Hash history: the page is served from a file-like origin in the window.

import { createHashHistory, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { ActivationPage } from "../activation/ActivationPage";
import { type ActivationSearch, readActivationSearch } from "../activation/search";
import { bulkRoutes } from "../bulk_assignments/routes";
import { type DirectorySyncSearch, readDirectorySyncSearch } from "../directory_sync/search";
import { FirstRunPage } from "../first_run/FirstRunPage";
import { commandQuery, queryClient } from "../host";
import { OrganisationPage } from "../organisations/OrganisationPage";
import { NewOrganisationPage } from "../organisations/NewOrganisationPage";
import { OrganisationsPage } from "../organisations/OrganisationsPage";
import { OverviewPage } from "../overview/OverviewPage";
import { SchedulesPage } from "../schedules/SchedulesPage";
import { readSchedulesView, type SchedulesView } from "../schedules/search";
import { SettingsPage } from "../settings/SettingsPage";
import { TransactionsPage } from "../transactions/TransactionsPage";
import { readTransactionSearch, type TransactionSearch } from "../transactions/search";
import { CustomersPage } from "../wholesale/CustomersPage";
import { type CustomersView, readCustomersView } from "../wholesale/search";
import { Loading } from "../ui";
import { PageFailure } from "./PageFailure";
import { type OfOrganisation, readOfOrganisation } from "./address";
import { rootRoute } from "./rootRoute";

const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: async () => {
    const info = await queryClient.fetchQuery(commandQuery("app.info", {}));
    throw redirect({ to: info.firstRun ? "/welcome" : "/overview", replace: true });
  },
});
const welcomeRoute = createRoute({ getParentRoute: () => rootRoute, path: "/welcome", component: FirstRunPage });
const overviewRoute = createRoute({ getParentRoute: () => rootRoute, path: "/overview", component: OverviewPage });
const activationRoute = createRoute({ getParentRoute: () => rootRoute, path: "/activation", validateSearch: (raw): ActivationSearch & DirectorySyncSearch & OfOrganisation => ({ ...readActivationSearch(raw), ...readDirectorySyncSearch(raw), ...readOfOrganisation(raw) }), component: ActivationPage });
const organisationsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/organisations", component: OrganisationsPage });
const newOrganisationRoute = createRoute({ getParentRoute: () => rootRoute, path: "/organisations/new", component: NewOrganisationPage });
const organisationRoute = createRoute({ getParentRoute: () => rootRoute, path: "/organisations/$organisation", validateSearch: (raw): { connect?: boolean } => (raw["connect"] === true ? { connect: true } : {}), component: OrganisationPage });
const transactionsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/transactions", validateSearch: (raw): TransactionSearch => readTransactionSearch(raw), component: TransactionsPage });
const customersRoute = createRoute({ getParentRoute: () => rootRoute, path: "/customers", validateSearch: (raw): CustomersView & OfOrganisation => ({ ...readCustomersView(raw), ...readOfOrganisation(raw) }), component: CustomersPage });
const schedulesRoute = createRoute({ getParentRoute: () => rootRoute, path: "/schedules", validateSearch: (raw): SchedulesView => readSchedulesView(raw), component: SchedulesPage });
const settingsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/settings", component: SettingsPage });

const routeTree = rootRoute.addChildren([startRoute, welcomeRoute, overviewRoute, activationRoute, organisationsRoute, newOrganisationRoute, organisationRoute, transactionsRoute, customersRoute, schedulesRoute, settingsRoute, ...bulkRoutes]);

export const router = createRouter({
  routeTree,
  history: createHashHistory(),
  defaultErrorComponent: PageFailure,
  defaultPendingComponent: () => <Loading what="this page" />,
  defaultPreload: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
