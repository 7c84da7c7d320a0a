package dev.channels.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeclaredNamesTest {

    private final DeclaredNames names =
            new DeclaredNames(List.of("orders", "order-*", "a*b", "x.*"));

    @ParameterizedTest
    @ValueSource(strings = {"orders", "order-1", "order-*", "order--", "a*b", "x.y.z"})
    void aNameIsDeclaredByItselfOrByItsFamily(String name) {
        assertThat(names.contains(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"order", "order-", "Order-1", "orders-1", "ordres", "aXb", "x", "xy", ""})
    void aMisspeltNameIsNot(String name) {
        assertThat(names.contains(name)).isFalse();
    }

    @Test
    void onlyAnAsteriskAtTheEndMakesAFamily() {
        assertThat(DeclaredNames.isFamily("order-*")).isTrue();
        assertThat(DeclaredNames.isFamily("a*b")).isFalse();
    }
}
