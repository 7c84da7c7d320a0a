package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The nodes of one test, started on demand, and stopped and looked over when it ends. */
final class Nodes {

    /** Tells the channels of this run from those of former runs on the same broker. */
    private static final String RUN = Long.toString(System.currentTimeMillis(), 36);

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final ChannelsBackendContract contract;
    private final Promise promise;
    private final List<Node> made = new ArrayList<>();
    private boolean outage;
    private boolean forgetting;

    Nodes(ChannelsBackendContract contract) {
        this.contract = contract;
        this.promise = contract.promise();
    }

    Promise promise() {
        return promise;
    }

    /** Returns a text that no other test and no other run has used. */
    String unique() {
        return RUN + NUMBERS.incrementAndGet();
    }

    String channel() {
        return "channel-" + unique();
    }

    /** Says that a channel is forgotten, which is a gap to who follows it. */
    void expectGaps() {
        forgetting = true;
    }

    boolean sharesBroker() {
        return contract.sharesBroker();
    }

    /** Makes and starts a node. */
    Node start() throws Exception {
        return make().start();
    }

    Node make() throws Exception {
        return add(contract.newBackend());
    }

    /** Makes and starts a node with policies, or skips the test where they change nothing. */
    Node startWith(ChannelRules<BackendSettings> policies) throws Exception {
        Optional<ChannelsBackend> backend = contract.newBackend(policies);
        assumeTrue(
                backend.isPresent(),
                "Skipped: no policy says how much is kept (newBackend(policies) is empty)");
        return add(backend.orElseThrow()).start();
    }

    /** Makes and starts one more node, or skips the test where nodes share nothing. */
    Node startAnother() throws Exception {
        assumeTrue(
                sharesBroker(),
                "Skipped: two nodes of this backend share no broker (sharesBroker() is false)");
        return start();
    }

    Node startForeign() throws Exception {
        Optional<ChannelsBackend> backend = contract.newForeignBackend();
        assumeTrue(
                backend.isPresent(),
                "Skipped: no node with another prefix (newForeignBackend() is empty)");
        return add(backend.orElseThrow()).start();
    }

    void assumeHistory() {
        assumeTrue(
                promise.keepsHistory(),
                "Skipped: this backend keeps no history (promise().historyLimit() is 0)");
    }

    boolean keepsPresence() {
        return contract.keepsPresence();
    }

    boolean pushesPresence() {
        return contract.pushesPresence();
    }

    void assumePresence() {
        assumeTrue(
                keepsPresence(),
                "Skipped: this backend does not keep who is there (keepsPresence() is false)");
    }

    /** Returns the means to break the broker, or skips the test where there are none. */
    Outage outage() throws Exception {
        Optional<Outage> given = contract.outage();
        assumeTrue(given.isPresent(), "Skipped: no way to break the broker (outage() is empty)");
        outage = true;
        return given.orElseThrow();
    }

    /** Stops all nodes, and checks what must hold for every sink whatever the test was about. */
    void close() throws Exception {
        if (outage) {
            contract.outage().orElseThrow().end();
        }
        made.forEach(Node::stop);
        for (Node node : made) {
            assertThat(node.sink.overlaps()).as("channels with overlapping calls").isEmpty();
            if (!outage) {
                assertThat(node.sink.disconnections()).as("calls of disconnected").isZero();
                assertThat(node.sink.connections()).as("calls of connected").isZero();
                if (!forgetting) {
                    assertThat(node.sink.gaps()).as("calls of gap").isZero();
                }
            }
        }
    }

    private Node add(ChannelsBackend backend) {
        Node node = new Node(backend, "fence-" + unique());
        made.add(node);
        return node;
    }
}
