package dev.channels.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad.OutageWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Breaks what two nodes under load depend on, again and again, and judges each time what they got.
 * The kinds of fault take turns. At the end it prints a table, and fails if any verdict was bad, or
 * if the heap or the number of threads grew.
 */
public final class Soak {

    private static final int A_WHILE = 100;

    /** Something that breaks or mends. */
    public interface Action {
        /** Does it, and returns when it is done. */
        void run() throws Exception;
    }

    /**
     * One kind of fault.
     *
     * @param begin breaks
     * @param end mends once the nodes have noticed; null if nothing is left to be mended
     * @param noticedBy the nodes that lose their connection, from 0; all if there is none
     */
    public record Fault(String kind, Action begin, @Nullable Action end, List<Integer> noticedBy) {

        /** Connections are closed, of all nodes. */
        public static Fault kill(String kind, Action kill) {
            return new Fault(kind, kill, null, List.of());
        }

        /** The broker ends as by a crash, and is started again. */
        public static Fault crash(Action crash, Action start) {
            return new Fault("broker killed and started", crash, start, List.of());
        }

        /** The proxy of the second node closes its connections and refuses new ones. */
        public static Fault cut(TcpProxy proxy) {
            return new Fault("connections cut", proxy::cut, proxy::restore, List.of(1));
        }

        /** The proxy of the second node lets no byte pass. */
        public static Fault halfOpen(TcpProxy proxy) {
            return new Fault("connections half open", proxy::freeze, proxy::restore, List.of(1));
        }
    }

    private final String backend;
    private final NodesUnderLoad nodes;
    private final Predicate<Verdict> good;
    private final Footprint footprint = new Footprint();
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<String> bad = new ArrayList<>();

    /**
     * Makes a soak.
     *
     * @param backend the name of the backend
     * @param nodes two nodes, the second one through a proxy
     * @param good what the backend promises
     */
    public Soak(String backend, NodesUnderLoad nodes, Predicate<Verdict> good) {
        this.backend = backend;
        this.nodes = nodes;
        this.good = good;
    }

    /** The outages of one kind. */
    private static final class Row {

        private final List<Duration> recoveries = new ArrayList<>();
        private Verdict verdict = Verdict.NONE;

        void add(Row other) {
            recoveries.addAll(other.recoveries);
            verdict = verdict.plus(other.verdict);
        }

        String line(String backend, String kind) {
            List<Long> millis = recoveries.stream().map(Duration::toMillis).sorted().toList();
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %,d | %,d | %,d | %,d | %d | %d | %d | %d |",
                    backend,
                    kind,
                    millis.size(),
                    millis.get(millis.size() / 2),
                    millis.get(millis.size() - 1),
                    verdict.accepted(),
                    verdict.lost(),
                    verdict.duplicated(),
                    verdict.outOfOrder(),
                    verdict.gaps(),
                    verdict.unsignalled());
        }
    }

    /** Runs as many outages as the system property {@code soak.outages} says. */
    public void run(Fault... faults) throws Exception {
        int outages = Integer.getInteger("soak.outages", 100);
        try {
            for (int i = 0; i < outages; i++) {
                outage(i, faults[i % faults.length]);
            }
        } finally {
            report();
        }
        assertThat(bad).isEmpty();
        footprint.check();
    }

    private void outage(int number, Fault fault) throws Exception {
        nodes.awaitFlow(A_WHILE);
        nodes.awaitCalm();
        OutageWatch watch =
                nodes.watch(fault.noticedBy().stream().mapToInt(Integer::intValue).toArray());
        fault.begin().run();
        long mended = System.nanoTime();
        if (fault.end() != null) {
            watch.awaitBegun();
            fault.end().run();
            mended = System.nanoTime();
        }
        watch.awaitEnded();
        nodes.awaitFlow();
        Row row = rows.computeIfAbsent(fault.kind(), kind -> new Row());
        row.recoveries.add(Duration.ofNanos(System.nanoTime() - mended));
        for (Verdict verdict : nodes.end()) {
            row.verdict = row.verdict.plus(verdict);
            if (!good.test(verdict)) {
                bad.add(backend + ", " + fault.kind() + ", outage " + number + ": " + verdict);
            }
        }
        nodes.forget();
        footprint.sample();
        nodes.begin();
    }

    private void report() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| backend | fault | outages | events again after, median ms | max ms | events"
                        + " | lost | twice | out of order | gaps signalled | not signalled |");
        lines.add("|" + " --- |".repeat(11));
        Row all = new Row();
        rows.forEach(
                (kind, row) -> {
                    lines.add(row.line(backend, kind));
                    all.add(row);
                });
        if (!rows.isEmpty()) {
            lines.add(all.line(backend, "all"));
        }
        lines.add("\n" + backend + ": " + footprint);
        System.out.println("\n" + String.join("\n", lines) + "\n");
        Path directory = Path.of(System.getProperty("soak.directory", "target/soak"));
        Files.createDirectories(directory);
        Files.write(directory.resolve(backend + ".md"), lines);
    }
}
