package dev.channels.spi.contract;

/** A part of the suite: an interface, so that reports name the class of the backend under test. */
interface ContractTests {

    /** Returns the nodes of the test that is running. */
    Nodes nodes();
}
