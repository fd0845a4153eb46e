package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.site.DeviceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What a device refuses, said once when it does and once when it doesn't any more. */
final class Refusals {
    private final DeviceId device;
    private final Set<Block> told = new LinkedHashSet<>();
    private final Map<Block, Integer> requests = new HashMap<>();

    Refusals(DeviceId device) {
        this.device = device;
    }

    /** The device is asked for other blocks from now on. */
    void forget() {
        told.clear();
        requests.clear();
    }

    /**
     * The news that a block's parts make.
     *
     * @param why it was refused last
     * @param pointsIn the points of a block
     */
    List<LinkNews> news(BlockParts parts, String why, Function<Block, List<String>> pointsIn) {
        var news = new ArrayList<LinkNews>();
        if (!parts.isSettled()) {
            return news;
        }
        List<Block> refused = parts.missing();
        for (Block block : List.copyOf(told)) {
            if (parts.covers(block) && !refused.contains(block)) {
                told.remove(block);
                news.add(new LinkNews.ValuesBack(device, block.extent(), pointsIn.apply(block)));
            }
        }
        for (Block block : refused) {
            if (told.add(block)) {
                news.add(
                        new LinkNews.ValuesRefused(
                                device, block.extent(), pointsIn.apply(block), why));
            }
        }
        if (isNewlyDivided(parts)) {
            news.add(
                    new LinkNews.ReadInParts(
                            device, parts.whole().extent(), parts.blocks().size(), why));
        }
        return news;
    }

    /** With nothing missing, it is the request that is refused. */
    private boolean isNewlyDivided(BlockParts parts) {
        int now = parts.blocks().size();
        if (!parts.missing().isEmpty() || now == 1) {
            return false;
        }
        Integer before = requests.put(parts.whole(), now);
        return before == null || before != now;
    }
}
