/**
 * Tells other servers what becomes of calls, by HTTP requests after the Standard Webhooks
 * convention: each event at least once, those of one call in order, across restarts.
 */
@NullMarked
package parley.signalling.webhook;

import org.jspecify.annotations.NullMarked;
