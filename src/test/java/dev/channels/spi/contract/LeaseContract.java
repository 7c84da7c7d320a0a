package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.channels.Position;
import dev.channels.spi.ChannelLeases;
import dev.channels.spi.ChannelLeases.Lease;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One holder at a time has a lease, and the next one goes on where the work stands. */
interface LeaseContract extends ContractTests {

    /** Longer than any test. */
    Duration LEASED_LONG = Duration.ofMinutes(10);

    /** Over soon. */
    Duration LEASED_SHORT = Duration.ofMillis(500);

    private ChannelLeases leasesOf(Node node) {
        assumeThat(node.backend.leases()).as("leases").isPresent();
        return node.backend.leases().orElseThrow();
    }

    @Test
    default void leaseIsOneHoldersUntilItIsGivenUp() throws Exception {
        ChannelLeases leases = leasesOf(nodes().start());
        String name = nodes().channel() + " Bean.method(java.util.List<a.B>) {ä}'\"";
        assertThat(Node.get(() -> leases.take(name, "one", LEASED_LONG)))
                .isEqualTo(new Lease(true, null));
        assertThat(Node.get(() -> leases.take(name, "two", LEASED_LONG))).isEqualTo(Lease.TAKEN);
        assertThat(Node.get(() -> leases.take(name, "one", LEASED_LONG)).held()).isTrue();
        assertThat(Node.get(() -> leases.take(name.toUpperCase(), "two", LEASED_LONG)).held())
                .isTrue();
        Node.get(() -> leases.release(name, "two"));
        assertThat(Node.get(() -> leases.take(name, "two", LEASED_LONG)).held()).isFalse();
        Node.get(() -> leases.release(name, "one"));
        assertThat(Node.get(() -> leases.take(name, "two", LEASED_LONG)).held()).isTrue();
    }

    @Test
    default void nextHolderGoesOnWhereTheWorkStands() throws Exception {
        ChannelLeases leases = leasesOf(nodes().start());
        String name = nodes().channel();
        Position first = new Position("epoch:1", 7);
        Position second = new Position("epoch:1", 8);
        assertThat(Node.get(() -> leases.advance(name, "one", first, LEASED_LONG))).isFalse();
        Node.get(() -> leases.take(name, "one", LEASED_LONG));
        assertThat(Node.get(() -> leases.advance(name, "one", first, LEASED_LONG))).isTrue();
        assertThat(Node.get(() -> leases.advance(name, "two", second, LEASED_LONG))).isFalse();
        assertThat(Node.get(() -> leases.take(name, "one", LEASED_LONG)).position())
                .isEqualTo(first);
        assertThat(Node.get(() -> leases.advance(name, "one", second, LEASED_LONG))).isTrue();
        Node.get(() -> leases.release(name, "one"));
        assertThat(Node.get(() -> leases.take(name, "two", LEASED_LONG)))
                .isEqualTo(new Lease(true, second));
        assertThat(Node.get(() -> leases.advance(name, "one", first, LEASED_LONG))).isFalse();
    }

    @Test
    default void leaseThatIsNotKeptIsFree() throws Exception {
        ChannelLeases leases = leasesOf(nodes().start());
        String name = nodes().channel();
        Position position = new Position("epoch", 1);
        Node.get(() -> leases.take(name, "one", LEASED_SHORT));
        assertThat(Node.get(() -> leases.advance(name, "one", position, LEASED_SHORT))).isTrue();
        await("the end of the lease")
                .atMost(Node.PATIENCE)
                .until(() -> Node.get(() -> leases.take(name, "two", LEASED_LONG)).held());
        assertThat(Node.get(() -> leases.take(name, "two", LEASED_LONG)).position())
                .isEqualTo(position);
        assertThat(Node.get(() -> leases.take(name, "one", LEASED_LONG))).isEqualTo(Lease.TAKEN);
        assertThat(Node.get(() -> leases.advance(name, "one", position, LEASED_LONG))).isFalse();
    }

    @Test
    default void leaseIsOneForAllNodes() throws Exception {
        ChannelLeases one = leasesOf(nodes().start());
        ChannelLeases two = leasesOf(nodes().startAnother());
        String name = nodes().channel();
        assertThat(Node.get(() -> one.take(name, "one", LEASED_LONG)).held()).isTrue();
        assertThat(Node.get(() -> two.take(name, "two", LEASED_LONG)).held()).isFalse();
        Node.get(() -> one.advance(name, "one", new Position("epoch", 3), LEASED_LONG));
        Node.get(() -> one.release(name, "one"));
        assertThat(Node.get(() -> two.take(name, "two", LEASED_LONG)))
                .isEqualTo(new Lease(true, new Position("epoch", 3)));
    }

    @Test
    default void leaseOfAnotherPrefixIsAnother() throws Exception {
        ChannelLeases leases = leasesOf(nodes().start());
        ChannelLeases foreign = leasesOf(nodes().startForeign());
        String name = nodes().channel();
        assertThat(Node.get(() -> leases.take(name, "one", LEASED_LONG)).held()).isTrue();
        assertThat(Node.get(() -> foreign.take(name, "two", LEASED_LONG)).held()).isTrue();
    }
}
