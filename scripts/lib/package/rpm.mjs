/** An rpm of the same tree, with rpmbuild. */
import fs from 'node:fs';
import path from 'node:path';
import { installPackages, isDebian } from '../debian.mjs';
import { findProgram } from '../exec.mjs';
import { tool } from './deb.mjs';
import { ARCHITECTURES } from './identity.mjs';

/**
 * The spec file. Pure.
 * @param {import('./identity.mjs').Identity} identity
 * @param {{ tree: string, fast: boolean }} options
 * @returns {string}
 */
function toSpec(identity, { tree, fast }) {
  return `# The files are finished: nothing is stripped, compressed or changed.
%global __os_install_post %{nil}
%global debug_package %{nil}
%global _build_id_links none
%global _binary_payload ${fast ? 'w3.zstdio' : 'w6.xzdio'}
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
# Libraries of the runtime are for itself.
%global __provides_exclude_from ^/usr/lib/traywatch/.*$
%global __requires_exclude ^lib(ffmpeg|EGL|GLESv2|vulkan|vk_swiftshader)\\\\.so.*$

Name: traywatch
Version: ${identity.packageVersion}
Release: 1
Summary: ${identity.summary.replace(/^s/, 'S')}
License: ${identity.license}
Vendor: The Traywatch developers
Packager: ${identity.maintainer}
# Loaded while it runs.
Requires: libnotify
Recommends: libsecret
Recommends: xdg-utils

%description
${identity.description.join('\n\n')}

%install
cp -a "${tree}/." "%{buildroot}/"

%preun
if [ "$1" = 0 ] && [ -d /run/systemd/system ]; then
  systemctl disable --now traywatch-headless.service || :
fi
# The AppArmor profile that was copied to where the system looks for it; one that was changed stays.
if cmp -s /usr/lib/traywatch/apparmor-profile /etc/apparmor.d/traywatch; then
  rm -f /etc/apparmor.d/traywatch
fi

%posttrans
# In an upgrade this comes after the scripts of the version before.
/usr/lib/traywatch/choose-sandbox || :

%postun
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || :
  # Where an administrator runs it, it goes on with the new version.
  [ "$1" = 0 ] || systemctl try-restart traywatch-headless.service || :
fi

%files
%dir /usr/lib/traywatch
%attr(0755,root,root) %verify(not mode) /usr/lib/traywatch/chrome-sandbox
/usr/lib/traywatch/[!c]*
/usr/lib/traywatch/chrome_*
/usr/lib/traywatch/choose-sandbox
/usr/bin/traywatch
/usr/lib/systemd/system/traywatch-headless.service
/usr/share/applications/traywatch.desktop
/usr/share/icons/hicolor/*/apps/traywatch.png
/usr/share/icons/hicolor/scalable/apps/traywatch.svg
%doc /usr/share/man/man1/traywatch.1.gz
%doc /usr/share/doc/traywatch
`;
}

/**
 * @param {{ tree: string, work: string, output: string, identity: import('./identity.mjs').Identity, fast: boolean }} parts
 * @returns {Promise<string>} path of the rpm
 * @throws {import('../say.mjs').UserError} without rpmbuild, or when it fails
 */
export async function makeRpm({ tree, work, output, identity, fast }) {
  if (findProgram('rpmbuild') === null) await installPackages([isDebian() ? 'rpm' : 'rpm-build'], 'to make an rpm');
  const architecture = /** @type {Record<string, string>} */ (ARCHITECTURES.rpm)[process.arch] ?? process.arch;
  const top = path.join(work, 'rpm');
  fs.mkdirSync(top, { recursive: true });
  fs.writeFileSync(path.join(top, 'traywatch.spec'), toSpec(identity, { tree, fast }));
  const file = `traywatch-${identity.label}.${architecture}.rpm`;
  // rpm makes its database where there is none, in the system's folder if it is not told another.
  const define = [`_topdir ${top}`, `_dbpath ${top}/db`, `_rpmdir ${top}`, `_rpmfilename ${file}`, `_tmppath ${top}`].flatMap((one) => ['--define', one]);
  await tool('rpmbuild', ['-bb', '--target', architecture, ...define, 'traywatch.spec'], top, identity);
  fs.copyFileSync(path.join(top, file), path.join(output, file));
  return path.join(output, file);
}
