package parley.load.scenario;

import parley.signalling.settings.Setting;

/**
 * What has to come out, in the phases that count; what is left out (NaN) is not judged. Each is a
 * figure of the report by the same name.
 */
public record Expectation(
    @Setting(
            value = "From the offer until there are keys: 95 of 100 joins take at most so long",
            max = 3_600_000,
            optional = true)
        double setUpP95Ms,
    @Setting(value = "The same of 99", max = 3_600_000, optional = true) double setUpP99Ms,
    @Setting(
            value = "From the caller's offer until the other is rung: 95 of 100",
            max = 3_600_000,
            optional = true)
        double ringP95Ms,
    @Setting(value = "Joins that may fail; 0 when nothing may go wrong", max = 100, optional = true)
        double failedPercent,
    @Setting(value = "Packets that may be lost, after decryption", max = 100, optional = true)
        double lossPercent,
    @Setting(
            value = "From one client's microphone to the other's ear: 99 of 100 packets",
            max = 3_600_000,
            optional = true)
        double latencyP99Ms,
    @Setting(
            value =
                "Mean opinion score: 95 of 100 voices, each by itself for a moment, are as good",
            min = 1,
            max = 5,
            optional = true)
        double mosP5,
    @Setting(
            value =
                "How often somebody talked for a second or more and somebody else in the call heard"
                    + " nothing of it",
            optional = true)
        double unheard,
    @Setting(value = "Of everything that went wrong, by any cause, so many times", optional = true)
        double errors) {}
