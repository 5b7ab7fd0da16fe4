#!/bin/bash
# Put the certificate in $CERTIFICATE (base64 of a .p12) into a keychain of its own, where codesign finds it.
set -euo pipefail
folder=$(mktemp -d)
password=$(uuidgen)
keychain=$folder/signing.keychain-db
base64 --decode <<<"$CERTIFICATE" >"$folder/certificate.p12"
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 21600 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$folder/certificate.p12" -P "$CERTIFICATE_PASSWORD" -k "$keychain" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
rm "$folder/certificate.p12"
