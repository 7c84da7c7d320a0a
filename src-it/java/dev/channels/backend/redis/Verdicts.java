package dev.channels.backend.redis;

import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import dev.channels.testkit.NodesUnderLoad.Node;
import java.util.List;

/** What nodes under load got in a test. */
final class Verdicts {

    private Verdicts() {}

    /** Ends the loads, and prints the verdict on each node. */
    static List<Verdict> end(String test, NodesUnderLoad nodes) {
        List<Verdict> verdicts = nodes.end();
        for (int i = 0; i < verdicts.size(); i++) {
            Node node = nodes.nodes().get(i);
            System.out.printf(
                    "%s: %s, %d outages, %d batches repeated, silence up to %d ms%n",
                    test,
                    verdicts.get(i),
                    node.ledger().disconnections(),
                    node.load().repeated(),
                    node.ledger().longestSilence());
        }
        return verdicts;
    }
}
