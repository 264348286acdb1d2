// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { IRewards } from "../../src/interfaces/IRewards.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Market } from "../Market.sol";
import { EraRewards } from "../rewards/EraRewards.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 25: trading with oneself for reputation or era rewards.
contract WashTradingNeverPaysTest is Market {
    function wash(address from, uint256 price) internal returns (uint256 fee) {
        fund(from, price);
        uint256 treasury = balance(Accounts.TREASURY);
        Terms memory t = terms(Mode.DIRECT);
        t.maxPrice = price;
        t.agentBond = price / 4 < 10 * CREDITS ? 10 * CREDITS : price / 4;
        vm.prank(from);
        uint256 taskId = market.createTask(agents[0], t);
        bidAs(0, taskId, price);
        startAs(0, taskId);
        submitAs(0, taskId);
        vm.prank(from);
        market.accept(taskId);
        fee = balance(Accounts.TREASURY) - treasury;
        vm.assertEq(fee, price / 100);
    }

    /// @notice The era is over: a root that tells the truth about agent 0 is posted, settled, claimed and vested.
    function rewarded(uint256 fees) internal returns (uint256 reward) {
        IRewards rewards = IRewards(wiring.rewards);
        uint256 era = rewards.eraAt(uint64(block.timestamp));
        EraRewards.Entry[] memory entries = new EraRewards.Entry[](1);
        entries[0] = EraRewards.Entry(agents[0], uint256(reputation.scoreOf(agents[0], DOMAIN)), fees);
        reward = EraRewards.amounts(entries, rewards.poolNow())[0];
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = EraRewards.leaf(era, 0, agents[0], reward);
        skip(7 days);
        vm.prank(owners[1]);
        rewards.postRoot(era, EraRewards.root(leaves), reward, agents[1]);
        skip(2 days);
        rewards.settleEra(era);
        rewards.claim(era, 0, agents[0], reward, EraRewards.proof(leaves, 0));
        skip(91 days);
        vm.assertEq(rewards.release(era, agents[0]), reward);
    }

    /// @dev With nobody else in the era, which is the best that a circle can hope for.
    function test_Fuzz_wash_trading_never_pays(uint256 seed) public {
        uint256 wealth = creditOf(owners[0]);
        uint256 fees;
        uint256 spent;
        for (uint256 i; i < 6; ++i) {
            uint256 price = bound(uint256(keccak256(abi.encode(seed, i))), CREDITS, 1_500 * CREDITS);
            fees += wash(person(vm.toString(seed % (i + 1))), price);
            spent += price;
        }
        vm.assertEq(spent - (creditOf(owners[0]) - wealth), fees, "the circle loses its fees");
        uint256 reward = rewarded(fees);
        vm.assertLe(reward, fees / 2, "and gets at most half of them back");
        vm.assertLe(reward, parameters.get(Keys.ERA_POOL));
        vm.assertEq(spent - (creditOf(owners[0]) - wealth), fees - reward, "so it never pays");
    }

    function test_Wash_trading_never_pays() public {
        int256 before;
        int256 lastGain = type(int256).max;
        for (uint256 i = 1; i <= 5; ++i) {
            uint256 fee = wash(client, 100 * CREDITS);
            int256 score = reputation.scoreOf(agents[0], DOMAIN);
            vm.assertTrue(score - before < lastGain, "the same client counts less every time");
            lastGain = score - before;
            before = score;
            vm.assertEq(fee, CREDITS);
        }
        vm.assertEq(reputation.completionsOf(agents[0], client), 5);
        vm.assertEq(reputation.scoreOf(agents[0], "verification"), 0, "no seat's reputation is for sale");
    }

    function test_A_fresh_client_costs_a_credit_for_ten_points() public {
        uint256 fee = wash(person("fresh"), 100 * CREDITS);
        vm.assertEq(fee, CREDITS);
        vm.assertTrue(reputation.scoreOf(agents[0], DOMAIN) <= 10_100_000);
    }
}
