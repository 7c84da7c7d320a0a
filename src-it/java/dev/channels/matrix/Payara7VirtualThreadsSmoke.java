package dev.channels.matrix;

/** Payara of Jakarta EE 11, with an executor of virtual threads. */
final class Payara7VirtualThreadsSmoke extends ServerSmoke {

    Payara7VirtualThreadsSmoke() {
        super(new GlassFishSmokeServer.WithVirtualThreads("Payara", "payara-7"));
    }
}
