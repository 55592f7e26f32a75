import { ChangeApplicationEndpoint } from './applications/change-application.endpoint.js';
import { CreateApplicationEndpoint } from './applications/create-application.endpoint.js';
import { GetApplicationEndpoint } from './applications/get-application.endpoint.js';
import { ListApplicationsEndpoint } from './applications/list-applications.endpoint.js';
import { ApprovePlanEndpoint } from './connections/approve-plan.endpoint.js';
import { CreateConnectionEndpoint } from './connections/create-connection.endpoint.js';
import { ExplainConnectionEndpoint } from './connections/explain-connection.endpoint.js';
import { GetConnectionEndpoint } from './connections/get-connection.endpoint.js';
import { GetEvidenceEndpoint } from './connections/get-evidence.endpoint.js';
import { GetPlanEndpoint } from './connections/get-plan.endpoint.js';
import { GetReceiptEndpoint } from './connections/get-receipt.endpoint.js';
import { ListConnectionsEndpoint } from './connections/list-connections.endpoint.js';
import { ListEventsEndpoint } from './connections/list-events.endpoint.js';
import { ListReceiptsEndpoint } from './connections/list-receipts.endpoint.js';
import { PreviewPlanEndpoint } from './connections/preview-plan.endpoint.js';
import { RemoveConnectionEndpoint } from './connections/remove-connection.endpoint.js';
import { RetryConnectionEndpoint } from './connections/retry-connection.endpoint.js';
import { UndoReceiptEndpoint } from './connections/undo-receipt.endpoint.js';
import { UpdateConnectionEndpoint } from './connections/update-connection.endpoint.js';
import { VerifyConnectionEndpoint } from './connections/verify-connection.endpoint.js';
import { CheckCredentialEndpoint } from './credentials/check-credential.endpoint.js';
import { DestroyCredentialEndpoint } from './credentials/destroy-credential.endpoint.js';
import { GetCredentialEndpoint } from './credentials/get-credential.endpoint.js';
import { ListCredentialsEndpoint } from './credentials/list-credentials.endpoint.js';
import { ReplaceCredentialEndpoint } from './credentials/replace-credential.endpoint.js';
import { StoreCredentialEndpoint } from './credentials/store-credential.endpoint.js';
import { DropDeadLetterEndpoint } from './dead-letters/drop-dead-letter.endpoint.js';
import { GetDeadLetterEndpoint } from './dead-letters/get-dead-letter.endpoint.js';
import { ListDeadLettersEndpoint } from './dead-letters/list-dead-letters.endpoint.js';
import { ReplayDeadLetterEndpoint } from './dead-letters/replay-dead-letter.endpoint.js';
import { CheckDomainEndpoint } from './domains/check-domain.endpoint.js';
import { CreateKeyEndpoint } from './keys/create-key.endpoint.js';
import { ListKeysEndpoint } from './keys/list-keys.endpoint.js';
import { RevokeKeyEndpoint } from './keys/revoke-key.endpoint.js';
import { GetProviderEndpoint } from './providers/get-provider.endpoint.js';
import { ListProvidersEndpoint } from './providers/list-providers.endpoint.js';
import { CreateTenantKeyEndpoint } from './tenants/create-tenant-key.endpoint.js';
import { CreateTenantEndpoint } from './tenants/create-tenant.endpoint.js';
import { ListTenantsEndpoint } from './tenants/list-tenants.endpoint.js';
import { BeginWriteFreezeEndpoint } from './write-freezes/begin-write-freeze.endpoint.js';
import { EndWriteFreezeEndpoint } from './write-freezes/end-write-freeze.endpoint.js';
import { ListWriteFreezesEndpoint } from './write-freezes/list-write-freezes.endpoint.js';

/** Every route of the public port. */
export const publicEndpoints = [
  CreateApplicationEndpoint, ListApplicationsEndpoint, GetApplicationEndpoint, ChangeApplicationEndpoint, CreateKeyEndpoint, ListKeysEndpoint, RevokeKeyEndpoint, StoreCredentialEndpoint, ListCredentialsEndpoint,
  GetCredentialEndpoint, ReplaceCredentialEndpoint, DestroyCredentialEndpoint, CheckCredentialEndpoint, ListProvidersEndpoint, GetProviderEndpoint, CheckDomainEndpoint, CreateConnectionEndpoint, ListConnectionsEndpoint,
  GetConnectionEndpoint, RemoveConnectionEndpoint, PreviewPlanEndpoint, GetPlanEndpoint, ApprovePlanEndpoint, ListReceiptsEndpoint, GetReceiptEndpoint, UndoReceiptEndpoint, VerifyConnectionEndpoint, RetryConnectionEndpoint,
  UpdateConnectionEndpoint, ExplainConnectionEndpoint, GetEvidenceEndpoint, ListEventsEndpoint,
];

/** Every route of the inner port; all of them want the operator's key. */
export const innerEndpoints = [
  CreateTenantEndpoint, ListTenantsEndpoint, CreateTenantKeyEndpoint, ListWriteFreezesEndpoint, BeginWriteFreezeEndpoint, EndWriteFreezeEndpoint, ListDeadLettersEndpoint, GetDeadLetterEndpoint, ReplayDeadLetterEndpoint,
  DropDeadLetterEndpoint,
];
