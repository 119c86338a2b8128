#!/bin/sh
# Rewrites kubernetes/go.mod and kubernetes/go.sum for another Kubernetes version: ./update.sh 1.36.3
set -eu
version="$1"
cd "$(dirname "$0")/kubernetes"
upstream="$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^\t"GoMod": "\(.*\)",$/\1/p')"
staging="$(sed -nE 's/^[[:space:]]*(require[[:space:]]+)?(k8s\.io\/[^[:space:]]+)[[:space:]]+v0\.0\.0$/\2/p' "$upstream" | sort -u)"
{
  printf 'module hollowfleet.invalid/assets/kubernetes\n\n'
  grep -E '^go ' "$upstream"
  printf '\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$version"
  for module in $staging; do printf '\t%s => %s v0.%s\n' "$module" "$module" "${version#1.}"; done
  printf ')\n'
} >go.mod
rm -f go.sum
go mod tidy
