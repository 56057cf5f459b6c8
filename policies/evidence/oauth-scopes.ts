/** What tells who somebody is, and of which groups, and nothing else. */
export const identityScopes =
  /^(openid|email|profile|offline_access|groups?|roles?|identity|account|read:(org|user)|user:email|read_(user|api)|org\.cilogon\.userinfo|aws\.cognito\.signin\.user\.admin|urn:globus:auth:scope:(auth\.globus\.org:view_identities|groups\.api\.globus\.org:view_my_groups_and_memberships|transfer\.api\.globus\.org:all)|https:\/\/www\.googleapis\.com\/auth\/(userinfo\.(email|profile)|admin\.directory\.group(\.member)?\.readonly)|user\.read|groupmember\.read\.all)$/i;
/** What lets the hub act on a user's behalf elsewhere. */
export const actingScopes =
  /^(repo(:.*)?|public_repo|admin:.*|write:.*|delete(:|_).*|delete_repo|gist|user|workflow|codespace|api|sudo|admin_mode|write_.*|read_repository|.*\.readwrite(\..*)?|directory\..*|https:\/\/www\.googleapis\.com\/auth\/(drive|cloud-platform|gmail|calendar).*|https:\/\/mail\.google\.com\/)$/i;
