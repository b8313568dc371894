package parley.signalling.call;

/**
 * What a contact calls from.
 *
 * @param session where its events go
 * @param useragent what it calls itself, shown to the other participants; empty when it does not
 *     say
 * @param instance what stays the same when the same client connects anew; empty when the client
 *     tells nothing of that kind, then a socket that was lost and the useragent have to do
 */
public record Device(SessionId session, String useragent, String instance) {}
