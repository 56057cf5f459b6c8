import type { Values } from "./value";

/*
 * What protects users from each other when nobody vouches for them ("JupyterHub, Security Overview").
 */

/** Where the chart's sample image has it. */
const sampleServerCommand = "/usr/local/bin/jupyterhub-singleuser";

/**
 * A host name below the hub's for each user: only then does the browser keep the pages of one user out of the servers of the
 * others. Cookies are bound to the host name that set them, or a user's page could set one for all others.
 */
export function subdomains(host: string): Values {
  return {
    hub: { config: { JupyterHub: { subdomain_host: `https://${host}`, cookie_host_prefix_enabled: true } } },
  };
}

/**
 * Servers that their users cannot change. The file system is read-only but for the home directory and `/tmp`, the program is
 * named by its path, and Python and Jupyter look for modules and configuration in the image alone.
 * @param command absolute path of `jupyterhub-singleuser`; default: where the chart's sample image has it.
 */
export function unchangeableServers(command: string = sampleServerCommand): Values {
  return {
    singleuser: {
      cmd: [command],
      extraEnv: { PYTHONNOUSERSITE: "1", JUPYTER_PREFER_ENV_PATH: "1" },
      storage: {
        extraVolumes: [{ name: "tmp", emptyDir: {} }],
        extraVolumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    },
    hub: { config: { KubeSpawner: { container_security_context: { readOnlyRootFilesystem: true } } } },
  };
}
