// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bid, BidState, ITaskMarket, Mode, Task, TaskState, Terms } from "../src/interfaces/ITaskMarket.sol";
import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { Court } from "../src/interfaces/IDisputes.sol";
import { IReputation } from "../src/interfaces/IReputation.sol";
import { IStake } from "../src/interfaces/IStake.sol";
import { IWorkLeases } from "../src/interfaces/IWorkLeases.sol";
import { Accounts } from "../src/libraries/Accounts.sol";
import { Board } from "../src/libraries/Board.sol";
import { Market } from "./Market.sol";
import { vm } from "./Vm.sol";

/// @title Random lives of tasks: every step picks a task and tries something that its state suggests.
/// @notice What is refused is skipped; `done` counts what went through, by name, so that a test can insist on reach.
abstract contract MarketDriver is Market {
    uint256 internal constant FLEET = 10;

    uint256[FLEET] internal fleet;
    mapping(bytes32 action => uint256) internal done;
    uint256 internal disputes;
    mapping(uint256 disputeId => uint8) internal kindOf;
    uint256 internal random;

    function setUp() public virtual override {
        super.setUp();
        fund(client, 1_000_000 * CREDITS);
        for (uint256 i; i < FLEET; ++i) {
            fleet[i] = newAgent(person(string.concat("fleet ", vm.toString(i))), 20_000 * CREDITS);
        }
    }

    function next(uint256 choices) internal returns (uint256) {
        random = uint256(keccak256(abi.encode(random)));
        return random % choices;
    }

    function step(uint256 seed) internal {
        random = seed;
        uint256 what = next(16);
        uint256 tasks = market.taskCount();
        if (what == 0 || tasks == 0) return createSome();
        if (what == 1) return touchAgent(fleet[next(FLEET)]);
        if (what == 2) return touchStake(fleet[next(FLEET)]);
        if (what == 3) return skip(next(8) != 0 ? next(300) : next(2 days));
        if (what == 4) return forfeitSome();
        uint256 recent = tasks < 4 ? tasks : 4;
        touchTask(tasks - next(recent));
    }

    function tryTo(bytes32 name, address from, address target, bytes memory data) internal {
        if (attempt(from, target, data)) ++done[name];
    }

    function createSome() internal {
        Mode mode = Mode(next(3));
        Terms memory t = terms(mode);
        t.verification = uint8(next(2));
        t.maxPrice = CREDITS * (50 + next(2_000));
        t.agentBond = t.maxPrice / 4;
        t.minReputation = next(4) == 0 ? int256(0) : -1_000_000e6;
        t.expiresAt = uint64(block.timestamp + 2 days + next(4 days));
        uint256 agentId = mode == Mode.DIRECT ? fleet[next(FLEET)] : 0;
        if (next(4) == 0) {
            createStep(t, agentId);
            ++done["createStep"];
        } else {
            create(agentId, t);
            ++done["create"];
        }
    }

    function touchTask(uint256 taskId) internal {
        Task memory task = market.taskOf(taskId);
        if (next(48) == 0) return warpTo(task.expiresAt, "");
        if (task.state == TaskState.BIDDING) return touchBidding(taskId, task);
        if (task.state == TaskState.MATCHED) return touchMatched(taskId, task);
        if (task.state == TaskState.RUNNING) return touchRunning(taskId, task);
        if (task.state == TaskState.VERIFYING) return touchVerifying(taskId, task);
        if (task.state == TaskState.DISPUTED) return judge(taskId, task, uint8(1 + next(3)));
        if (task.state == TaskState.VACANT) return touchVacant(taskId, task);
        // This one's life is over; its place in the round of four is free.
        createSome();
    }

    function touchBidding(uint256 taskId, Task memory task) private {
        uint256 what = next(10);
        if (what < 4 && block.timestamp < task.commitEnd) {
            if (what == 3) flood(taskId, task);
            else bidSome(taskId, task, fleet[next(FLEET)]);
            // A window is short: more often than not something else happens in it.
            if (next(3) != 0) touchTask(taskId);
            return;
        }
        if (what == 4) return withdrawSome(taskId, task);
        if (what == 5) return pickSome(taskId, task);
        if (what == 6 && next(4) == 0) return cancelIt(taskId);
        if (task.mode == Mode.SEALED) revealAll(taskId, task);
        warpTo(task.revealEnd, "");
        if (next(2) == 0 && market.boardOf(taskId)[0] != 0) {
            tryTo("matchBest", client, address(market), abi.encodeCall(ITaskMarket.matchBest, (taskId)));
        } else {
            reopenIt(taskId);
        }
    }

    function touchMatched(uint256 taskId, Task memory task) private {
        uint256 what = next(5);
        if (what < 3) {
            tryTo("start", registry.ownerOf(task.agentId), address(leases), abi.encodeCall(IWorkLeases.start, (taskId)));
            if (next(3) != 0) touchTask(taskId);
        } else if (what == 3) {
            tryTo(
                "yieldMatch",
                registry.ownerOf(task.agentId),
                address(market),
                abi.encodeCall(ITaskMarket.yieldMatch, (taskId))
            );
        } else {
            warpTo(task.startBy, "");
            vacateOrReopen(taskId);
        }
    }

    function touchRunning(uint256 taskId, Task memory task) private {
        uint256 what = next(8);
        uint256 leaseId = leases.liveLeaseOf(taskId);
        address owner = registry.ownerOf(task.agentId);
        if (what < 2) {
            tryTo(
                "heartbeat", owner, address(leases), abi.encodeCall(IWorkLeases.heartbeat, (leaseId, bytes32(random)))
            );
            touchTask(taskId);
        } else if (what < 4) {
            tryTo(
                "submit",
                owner,
                address(market),
                abi.encodeCall(ITaskMarket.submit, (taskId, bytes32(random), RECEIPT, "ipfs://result"))
            );
            if (next(3) != 0) touchTask(taskId);
        } else if (what < 6) {
            tryTo("yield", owner, address(leases), abi.encodeCall(IWorkLeases.yield, (leaseId)));
        } else if (what == 6) {
            warpTo(leases.leaseOf(leaseId).expiresAt + 30, "");
            tryTo("expire", client, address(leases), abi.encodeCall(IWorkLeases.expire, (leaseId)));
        } else {
            warpTo(task.deliverBy, "");
            vacateOrReopen(taskId);
        }
    }

    function touchVerifying(uint256 taskId, Task memory task) private {
        uint256 what = next(6);
        if (what == 0) {
            tryTo("accept", client, address(market), abi.encodeCall(ITaskMarket.accept, (taskId)));
        } else if (what == 1) {
            warpTo(task.reviewEnd, "");
            tryTo("finalize", client, address(market), abi.encodeCall(ITaskMarket.finalize, (taskId)));
        } else if (block.timestamp < task.reviewEnd) {
            uint8 kind = uint8(1 + next(4));
            if (task.ruledKinds & (1 << kind) != 0) return;
            kindOf[++disputes] = kind;
            dispute(taskId, kind, disputes);
            ++done["dispute"];
            if (next(3) == 0) touchTask(taskId);
        }
    }

    /// @dev A rejection may also be a withdrawal.
    function judge(uint256 taskId, Task memory task, uint8 ruling) internal {
        uint8 cause = ruling == Court.REJECT && next(2) == 0 ? Court.WITHDRAWN : Court.RULED;
        settleBond(taskId, task.disputeId, ruling);
        tell(taskId, kindOf[task.disputeId], task.disputeId, ruling, cause);
        if (cause == Court.WITHDRAWN) ++done["withdrawn"];
        else ++done[ruling == 1 ? bytes32("rejected") : ruling == 2 ? bytes32("upheld") : bytes32("split")];
    }

    function touchVacant(uint256 taskId, Task memory task) private {
        if (next(6) == 0) return cancelIt(taskId);
        if (next(6) == 0) return warpTo(task.expiresAt, "");
        reopenIt(taskId);
    }

    function bidSome(uint256 taskId, Task memory task, uint256 agentId) internal {
        address owner = registry.ownerOf(agentId);
        uint256 price = task.maxPrice - next(task.maxPrice / 2);
        if (task.mode == Mode.SEALED) {
            bytes32 commitment =
                market.commitmentOf(taskId, task.round, agentId, priceOf(agentId, task), 60, 0, bytes32(agentId));
            tryTo(
                "commitBid",
                owner,
                address(market),
                abi.encodeCall(ITaskMarket.commitBid, (taskId, agentId, commitment))
            );
        } else {
            tryTo(
                "placeBid",
                owner,
                address(market),
                abi.encodeCall(ITaskMarket.placeBid, (taskId, agentId, price, 60, bytes32(random)))
            );
        }
    }

    /// @dev The price that an agent has committed to: a function of what both sides of the commitment know.
    function priceOf(uint256 agentId, Task memory task) private pure returns (uint256) {
        return task.maxPrice * (50 + agentId % 20) / 100;
    }

    function flood(uint256 taskId, Task memory task) private {
        for (uint256 i; i < FLEET; ++i) {
            bidSome(taskId, task, fleet[i]);
        }
        if (market.boardOf(taskId)[7] != 0) ++done["full board"];
    }

    function withdrawSome(uint256 taskId, Task memory task) private {
        uint256 word = market.boardOf(taskId)[next(2)];
        if (word == 0 || task.mode != Mode.OPEN) return;
        uint256 bidId = Board.bidIdOf(word);
        tryTo(
            "withdrawBid",
            registry.ownerOf(market.bidOf(bidId).agentId),
            address(market),
            abi.encodeCall(ITaskMarket.withdrawBid, (bidId))
        );
    }

    function pickSome(uint256 taskId, Task memory task) private {
        uint256 word = market.boardOf(taskId)[next(3)];
        if (word == 0 || task.mode != Mode.OPEN) return;
        tryTo("pick", client, address(market), abi.encodeCall(ITaskMarket.pick, (taskId, Board.bidIdOf(word))));
    }

    function revealAll(uint256 taskId, Task memory task) private {
        warpTo(task.commitEnd, "");
        for (uint256 bidId = market.bidCount(); bidId != 0; --bidId) {
            Bid memory bid = market.bidOf(bidId);
            if (bid.taskId != taskId || bid.state != BidState.COMMITTED || next(4) == 0) continue;
            tryTo(
                "revealBid",
                registry.ownerOf(bid.agentId),
                address(market),
                abi.encodeCall(
                    ITaskMarket.revealBid, (bidId, priceOf(bid.agentId, task), 60, 0, bytes32(uint256(bid.agentId)))
                )
            );
        }
    }

    function forfeitSome() private {
        for (uint256 bidId = market.bidCount(); bidId != 0; --bidId) {
            if (market.bidOf(bidId).state != BidState.COMMITTED) continue;
            tryTo("forfeitBid", client, address(market), abi.encodeCall(ITaskMarket.forfeitBid, (bidId)));
        }
    }

    function cancelIt(uint256 taskId) private {
        vm.prank(client);
        market.cancel(taskId);
        ++done["cancel"];
    }

    function reopenIt(uint256 taskId) private {
        tryTo("reopen", client, address(market), abi.encodeCall(ITaskMarket.reopen, (taskId)));
    }

    function vacateOrReopen(uint256 taskId) private {
        if (next(2) == 0) return reopenIt(taskId);
        tryTo("vacate", client, address(market), abi.encodeCall(ITaskMarket.vacate, (taskId)));
    }

    function touchAgent(uint256 agentId) private {
        address owner = registry.ownerOf(agentId);
        uint256 what = next(6);
        if (what == 0) {
            vm.prank(owner);
            registry.setMetadata(agentId, "price", abi.encode(random));
        } else if (what == 1) {
            vm.prank(owner);
            registry.setAgentURI(agentId, vm.toString(random));
        } else if (what == 2) {
            vm.prank(owner);
            registry.setStatus(agentId, uint8(1 + next(2)), bytes32(random));
            vm.prank(owner);
            registry.setStatus(agentId, 1, "");
        } else if (what == 3) {
            address buyer = person(vm.toString(next(20)));
            bytes memory call = abi.encodeCall(IERC721.transferFrom, (owner, buyer, agentId));
            tryTo("transfer", owner, address(registry), call);
        } else if (what == 4) {
            vm.startPrank(owner);
            registry.approve(client, agentId);
            registry.setApprovalForAll(person(vm.toString(next(20))), next(2) == 0);
            registry.unsetAgentWallet(agentId);
            vm.stopPrank();
        } else {
            rate(agentId);
        }
    }

    function rate(uint256 agentId) private {
        address writer = person(string.concat("writer ", vm.toString(next(3))));
        vm.startPrank(writer);
        reputation.giveFeedback(agentId, int128(int256(next(100))), 1, "tag", "more", "", "ipfs://f", bytes32(random));
        uint64 last = reputation.getLastIndex(agentId, writer);
        reputation.appendResponse(agentId, writer, uint64(1 + next(last)), "", 0);
        vm.stopPrank();
        bytes memory call = abi.encodeCall(IReputation.revokeFeedback, (agentId, uint64(1 + next(last))));
        tryTo("revokeFeedback", writer, address(reputation), call);
    }

    function touchStake(uint256 agentId) private {
        if (next(3) == 0) return bondAgent(agentId, (1 + next(2_000)) * CREDITS);
        uint256[] memory ids = stake.unbondingsOf(agentId);
        if (ids.length != 0 && next(2) == 0) {
            uint256 id = ids[next(ids.length)];
            warpTo(stake.unbondingOf(id).releaseAt, "release");
            stake.release(id);
            return;
        }
        tryTo(
            "unbond",
            registry.ownerOf(agentId),
            address(stake),
            abi.encodeCall(IStake.unbond, (agentId, (1 + next(500)) * CREDITS))
        );
    }

    /// @dev Overridden where events must be folded before time moves on.
    function warpTo(uint256 time, bytes32 action) internal virtual {
        if (time > block.timestamp) vm.warp(time);
        if (action != 0) ++done[action];
        uint256 last = market.taskCount();
        for (uint256 taskId = last; taskId != 0 && last - taskId < 4; --taskId) {
            tryTo("cancelExpired", client, address(market), abi.encodeCall(ITaskMarket.cancelExpired, (taskId)));
        }
    }
}
