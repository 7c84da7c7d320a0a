package dev.channels.backend.postgresql;

import dev.channels.spi.contract.Outage;
import dev.channels.testkit.TcpProxy;

/** Cuts the connections to the broker. */
record ProxyOutage(TcpProxy proxy) implements Outage {

    @Override
    public void begin() {
        proxy.cut();
    }

    @Override
    public void end() {
        proxy.restore();
    }
}
