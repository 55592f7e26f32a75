/** A cloud of Azure: where its directory gives out tokens, and where its resource manager is. */
export type Cloud = { loginHost: string; managerHost: string };

/**
 * The list is closed, since the name comes from the customer's input. Germany was retired in 2021.
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud, verified 2026-11.
 */
export const clouds = {
  public: { loginHost: 'login.microsoftonline.com', managerHost: 'management.azure.com' },
  usgov: { loginHost: 'login.microsoftonline.us', managerHost: 'management.usgovcloudapi.net' },
  china: { loginHost: 'login.chinacloudapi.cn', managerHost: 'management.chinacloudapi.cn' },
} as const satisfies Record<string, Cloud>;

export type CloudName = keyof typeof clouds;
export const cloudNames = Object.keys(clouds) as [CloudName, ...CloudName[]];
export const azurednsHosts: readonly string[] = Object.values(clouds).flatMap(({ loginHost, managerHost }) => [managerHost, loginHost]);
