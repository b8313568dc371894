package parley.load.model;

/**
 * What so many nodes come to. Shares are of what there is: above 1 it does not work.
 *
 * @param people in calls, in all
 * @param busMessages delivered by all of NATS a second
 * @param busBytes of these, a second
 * @param leaseWrites changes of all buckets a second
 * @param subjects that NATS keeps
 * @param talkShare of a node's CPU that goes to what nodes tell each other
 * @param threadShare of the calls' thread of a node
 * @param natsShare of one NATS cluster's CPU
 * @param networkShare of its network
 * @param leaseShare of the changes that one bucket bears
 * @param heapShare of what a node may know of others
 * @param setUpMs from an offer to keys; infinite when something before it is overrun
 * @param recoveryS until a dead node's calls are heard again; 0: nobody is there to go on with them
 * @param euros an hour for a thousand people in calls
 */
record Load(
    int nodes,
    double people,
    double busMessages,
    double busBytes,
    double leaseWrites,
    double subjects,
    double talkShare,
    double threadShare,
    double natsShare,
    double networkShare,
    double leaseShare,
    double heapShare,
    double setUpMs,
    double recoveryS,
    double euros) {}
