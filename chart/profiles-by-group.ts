/**
 * Code for the hub that shows profiles to the groups that they name under `allowed_groups`. It reads the profiles of the
 * chart's values, takes some away and adds none, so whoever judges those profiles has judged every server.
 */
export const profilesByGroup = `every_profile = list(c.KubeSpawner.profile_list)


def allowed_profiles(spawner):
    groups = {group.name for group in spawner.user.groups}
    return [
        profile
        for profile in every_profile
        if not profile.get("allowed_groups") or groups.intersection(profile["allowed_groups"])
    ]


c.KubeSpawner.profile_list = allowed_profiles
`;
