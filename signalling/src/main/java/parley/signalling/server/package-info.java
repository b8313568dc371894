/** The doors: WebSocket, HTTP API and pages; the only package that knows Vert.x. */
@NullMarked
package parley.signalling.server;

import org.jspecify.annotations.NullMarked;
