package dev.channels.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the rounds of one load measured, for both sides. */
record Comparison(Load load, List<Run> plugin, List<Run> loop) {

    Comparison(Load load) {
        this(load, new ArrayList<>(), new ArrayList<>());
    }

    Spread ratio(ToDoubleFunction<Run> figure) {
        return Spread.ofRatios(plugin, loop, figure);
    }

    /** Returns both medians. */
    String medians(String format, ToDoubleFunction<Run> figure) {
        return Spread.of(plugin, figure).median(format)
                + " / "
                + Spread.of(loop, figure).median(format);
    }

    /** Returns how many deliveries each side lost, over all rounds. */
    String lost() {
        return lost(plugin) + " / " + lost(loop);
    }

    private static long lost(List<Run> runs) {
        return runs.stream().mapToLong(Run::lost).sum();
    }
}
