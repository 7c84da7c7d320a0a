package dev.channels.bench.broker;

import dev.channels.bench.Spread;
import java.time.Duration;
import java.util.Locale;

/** The plugin and the bare client, in turn, a few times each. */
final class Duel {

    private final Lane plugin;
    private final Lane bare;
    private final int rounds;
    private final Duration time;

    Duel(Lane plugin, Lane bare, int rounds, Duration time) {
        this.plugin = plugin;
        this.bare = bare;
        this.rounds = rounds;
        this.time = time;
    }

    /** Returns the cells of a row: events per second of both, and the ratio of each round. */
    String perSecond() throws Exception {
        plugin.perSecond(time);
        bare.perSecond(time);
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ours[i] = plugin.perSecond(time);
            theirs[i] = bare.perSecond(time);
            ratios[i] = ours[i] / theirs[i];
        }
        return Spread.of(ours).median("%,.0f")
                + " | "
                + Spread.of(theirs).median("%,.0f")
                + " | "
                + Spread.of(ratios).withRange();
    }

    /** Returns the cells of a row: p50 and p99 of both, and how far p50 is beyond the other. */
    String latency(int pace) throws Exception {
        plugin.pace(pace, time);
        bare.pace(pace, time);
        double[][] figures = new double[5][rounds];
        for (int i = 0; i < rounds; i++) {
            plugin.pace(pace, time);
            figures[0][i] = plugin.arrivals().millis(50);
            figures[2][i] = plugin.arrivals().millis(99);
            bare.pace(pace, time);
            figures[1][i] = bare.arrivals().millis(50);
            figures[3][i] = bare.arrivals().millis(99);
            figures[4][i] = figures[0][i] - figures[1][i];
        }
        return String.format(
                Locale.ROOT,
                "%s / %s | %s / %s | %s",
                Spread.of(figures[0]).median("%.2f"),
                Spread.of(figures[1]).median("%.2f"),
                Spread.of(figures[2]).median("%.2f"),
                Spread.of(figures[3]).median("%.2f"),
                Spread.of(figures[4]).withRange());
    }
}
