#!/bin/sh
# Starts Parley. JAVA_OPTIONS, from /etc/default/parley or the environment, go before all else that the
# JVM is told but for what a later flag of the same name says.
# shellcheck disable=SC2086
exec /usr/lib/parley/runtime/bin/java @/usr/lib/parley/jvm $JAVA_OPTIONS @/usr/lib/parley/libraries \
  parley.signalling.app.Main "$@"
