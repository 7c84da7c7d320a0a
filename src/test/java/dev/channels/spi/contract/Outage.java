package dev.channels.spi.contract;

/**
 * Takes the broker away from all nodes of a test, and gives it back. Called by one thread; may
 * block.
 */
public interface Outage {

    /**
     * Begins the outage: connections break, and new ones fail, until {@link #end}. What the broker
     * has accepted survives: stop a proxy, or a broker that keeps its data.
     *
     * @throws Exception if that fails; the test fails then
     */
    void begin() throws Exception;

    /**
     * Ends the outage: the broker can be reached, at the same address, when this method returns.
     * Does nothing if there is no outage; also called after tests that failed in between.
     *
     * @throws Exception if that fails; the test fails then
     */
    void end() throws Exception;
}
